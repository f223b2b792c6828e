"""Duewatch from a terminal: the same reads and writes as the pages, for scripts and checks."""

import sys

from terminal.front import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
