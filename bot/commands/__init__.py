"""One file a command: how it is read and written, its example, its caption, its alt text, its buttons.

A file here that defines COMMAND is a command on every platform; nothing else has to be changed.

base        what commands share: a picture or a text as the answer
registry    every command, found by its file
parser      a line to a request, and back
free_text   a line without a command to a request
options     the options that commands take
converters  texts to values
errors      the errors of a line that cannot be read
"""
