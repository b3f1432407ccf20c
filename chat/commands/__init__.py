"""Commands of the command line beyond the first ones, a module for each group."""
