"""One command a file: ``commands/some_name.py`` holds the function ``some_name`` and imports what it needs
inside it, so that ``manage.py --help`` stays quick. Files that start with an underscore are no commands."""
