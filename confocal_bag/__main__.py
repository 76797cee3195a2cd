"""`python -m confocal_bag` is the command `confocal-bag`, where no script was installed beside the interpreter."""

from confocal_bag.cli.app import main

if __name__ == "__main__":
    main()
