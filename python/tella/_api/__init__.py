"""The Python API: what the command `tella` does, for programs and notebooks.

`call` runs a command line within this process and turns what it refuses into exceptions; the other
modules turn keywords into options, and answers into objects.
"""
