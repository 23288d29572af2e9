"""`python -m saphan` is the saphan command."""

from saphan.commands import main

main()
