"""The commands of manage.py: the same reads and writes as the pages, for scripts."""
