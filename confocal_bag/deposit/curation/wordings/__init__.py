"""How each thing that is missing is asked for, in words for a depositor."""
