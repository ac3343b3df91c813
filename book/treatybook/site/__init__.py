"""The site: the Sphinx extension with all its parts, the notebooks, the build, and what is printed."""
