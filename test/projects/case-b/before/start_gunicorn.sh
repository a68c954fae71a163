#!/usr/bin/env bash
# 由 deploy/systemd/opsdesk.service 调用
set -euo pipefail

cd "$(dirname "$0")"
set -a
. ./.env
set +a

export DJANGO_SETTINGS_MODULE=config.settings.production

venv/bin/python manage.py migrate --noinput
venv/bin/python manage.py collectstatic --noinput

venv/bin/gunicorn config.wsgi:application \
    --bind 127.0.0.1:8000 \
    --workers ${GUNICORN_WORKERS:-4} \
    --timeout 60 \
    --access-logfile /var/log/opsdesk/access.log \
    --error-logfile /var/log/opsdesk/error.log
