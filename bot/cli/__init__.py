"""The command line, one file a subcommand.

main         the parser, and errors to exit codes
serve        serve every adapter (the default)
draw         a picture to a file
dataset      a data set to a folder
hand         a photo of digits to its hand, and a picture in that
answer       a text
picture_file --out and its ending
usage        the command line's words for an error
catalog      the models that the settings name
check        settings, models, port, clock and tokens
settings     the settings docs
webhook      Telegram's webhook: set, deleted, shown
healthcheck  whether the running bot is ready
"""
