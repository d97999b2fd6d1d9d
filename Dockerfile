FROM python:3.11-slim-bookworm

# Pango and HarfBuzz set the text of the PDFs; the fonts come with a Python package.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --no-create-home --shell /usr/sbin/nologin peerplan

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes --requirement requirements.txt
COPY . .

ENV PEERPLAN_MODE=production \
    PEERPLAN_DATA_DIR=/data \
    WEB_CONCURRENCY=2

# Static files are part of the image; of /data only the evidence folder is a volume. The values
# below satisfy the settings for this one command and are kept nowhere.
RUN SECRET_KEY=for-collecting-static-files-only-while-the-image-is-being-built \
    ALLOWED_HOSTS=localhost DATABASE_URL=postgres://nobody@localhost/none \
    python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir --parents /data/evidence \
    && chown --recursive peerplan:peerplan /data/evidence

USER peerplan
VOLUME /data/evidence
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/health', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"]

CMD ["gunicorn", "peerplan.wsgi", "--bind", "0.0.0.0:8000", "--threads", "4", "--timeout", "60", \
    "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
