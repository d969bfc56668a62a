# Built with everything, run with little: the second stage has no compiler, no package manager of Python, no root.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/folkmoot
COPY requirements.lock ./
RUN /opt/folkmoot/bin/pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY core ./core
COPY adapters ./adapters
COPY migrations ./migrations
COPY bot ./bot
RUN /opt/folkmoot/bin/pip install --no-deps --no-build-isolation --no-index . \
    && /opt/folkmoot/bin/pip uninstall --yes setuptools pip

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Folkmoot" \
    org.opencontainers.image.description="One partnership board, one vote, live across Slack and Microsoft Teams." \
    org.opencontainers.image.licenses="Apache-2.0"
# The root filesystem may be mounted read-only: SQLite and backups live in /app/var, nothing else is written.
RUN useradd --system --uid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin folkmoot \
    && install --directory --owner=folkmoot --group=folkmoot --mode=0750 /app/var
COPY --from=build /opt/folkmoot /opt/folkmoot
COPY examples /app/examples
ENV PATH=/opt/folkmoot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000
WORKDIR /app
VOLUME ["/app/var"]
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["folkmoot"]
CMD ["serve"]
