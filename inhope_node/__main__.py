"""`python -m inhope_node` is the command line; nothing else is here."""

from inhope_node.cli.main import main

if __name__ == "__main__":
    main()
