"""A file becomes a table of text: in a child process with limits, without the database, without knowing what it means.

This package imports the standard library, defusedxml, python-calamine, ansi-x12 and pypdf only: it is what the child process loads.
"""
