"""`python -m onehalf` is `onehalf`."""

import sys

from onehalf.cli import main

if __name__ == "__main__":
    sys.exit(main())
