"""Logs and metrics.

logs            structlog: lines for people on a terminal, JSON anywhere else
queued_handler  lines are written by a thread, so that logging never waits
redaction       secrets out of every line
request_log     a count of every request, and a line of most
sampling        how many lines at most
metrics         Prometheus
"""
