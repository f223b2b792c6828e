"""A file becomes a table of text: in a child process with limits, without the database, without knowing what it means.

This package imports the standard library, defusedxml and python-calamine only: it is what the child process loads.
"""
