"""`python -m service` is `alur`."""

import sys

from service.cli import main

sys.exit(main())
