# The bot as an image that needs no rights: it runs as a numeric user, on a read-only file system with a
# tmpfs on /tmp, without capabilities. Nothing here depends on the architecture: amd64 and arm64 build alike.
# For a build that can be repeated, pin the base: PYTHON=python:3.13-slim@sha256:... (`docker buildx
# imagetools inspect python:3.13-slim` prints the digest).
ARG PYTHON=docker.io/library/python:3.13-slim

FROM ${PYTHON} AS build
WORKDIR /app
COPY requirements.txt ./
# Wheels only, each with the hash that is on file: nothing is compiled and nothing is resolved here.
RUN python -m venv --without-pip .venv \
 && python -m pip --python .venv install --quiet --no-cache-dir --no-compile \
        --require-hashes --no-deps --only-binary :all: -r requirements.txt
COPY bot bot
COPY core core
# A read-only container cannot keep bytecode, so it is made here; it is never compared with its source again.
RUN python -m compileall -q --invalidation-mode unchecked-hash .venv bot core

FROM ${PYTHON}
LABEL org.opencontainers.image.title="Digit Bot" \
      org.opencontainers.image.description="A self-hosted chat bot that draws handwritten digits." \
      org.opencontainers.image.licenses="MIT"
# What runs needs no installer.
RUN python -m pip uninstall --quiet --yes --root-user-action ignore pip
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY LICENSE deploy/LICENCES.md ./
COPY weights weights
COPY --from=build /app/core core
COPY --from=build /app/bot bot
# ONNX Runtime reports to its maker unless this is set before it is imported.
ENV PATH=/app/.venv/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    ORT_DISABLE_TELEMETRY=1 \
    DIGIT_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["python", "-m", "bot", "healthcheck"]
ENTRYPOINT ["python", "-m", "bot"]
