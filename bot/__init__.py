"""The process and its adapters: chat platforms on one side, `core` on the other."""

__version__ = "0.2.0"
