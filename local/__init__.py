"""The local Azure: everything the app needs from the cloud, on this machine. Never deployed."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line alone must run on any Python
    sys.exit(
        "Python 3.11 or newer is needed; this is Python %d.%d, at %s.\n"  # noqa: UP031 - see above
        "With `make`, name another: `make up PYTHON=python3.12`."
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
