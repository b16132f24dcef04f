"""Logs and metrics.

logs         structlog: lines for people on a terminal, JSON anywhere else
redaction    secrets out of every line
request_log  one line and one count a request
metrics      Prometheus
"""
