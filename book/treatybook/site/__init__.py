"""The site: the Sphinx extension with all its parts, the notebooks, the build, and what is printed."""

import sys

# What reads notebooks would first compile a grammar of addresses, for a format that none of them
# uses: more than a second of every build.
sys.modules.setdefault("rfc3987_syntax", None)
