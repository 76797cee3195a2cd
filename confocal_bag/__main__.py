"""The program: `confocal-bag`, or `python -m confocal_bag` where no script was installed beside the interpreter."""

import gc
import signal

__all__ = ["main"]


def main() -> None:
    """Run the command line; Ctrl-C ends it without a trace while it is being loaded, and does not harm its ending.

    SIGTERM, which shells, schedulers and systemd send, ends it as Ctrl-C does: with what it started, and code 130.
    """
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from confocal_bag.cli.app import main as run

    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # Python looks twice for garbage among all that was loaded before it throws everything away.
        gc.freeze()


if __name__ == "__main__":
    main()
