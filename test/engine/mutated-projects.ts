/** Small workspaces in which values travel far between files: what the mutations of `invariants.test.ts` start from. */

type Texts = ReadonlyMap<string, string>;

/** A Flask application whose pool is written in an env file. */
export const valuesFromAnEnvFile: Texts = textsOf({
  'compose.yaml': `
services:
  web:
    image: x
    command: gunicorn app:app
    env_file: web.env
`,
  'web.env': `
POOL=5
WEB_CONCURRENCY=4
DATABASE_URL=postgresql://a:b@db/x?pool_size=7
`,
  'app.py': `
import os
from flask import Flask
from sqlalchemy import create_engine
app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.getenv("POOL", "3")))
`,
  'headroom.yaml': `
load: { users: 50, thinkSeconds: 1, responseSeconds: 0.5 }
`,
});

/** Django with Celery: a compose file and its override, env files of two precedences, settings that import each other. */
export const djangoWithCelery: Texts = textsOf({
  'compose.yaml': `
name: shop
services:
  web:
    build: .
    command: sh -c "python manage.py migrate && exec gunicorn shop.wsgi:application"
    env_file: [web.env, { path: local.env, required: false }]
    environment:
      DJANGO_SETTINGS_MODULE: shop.settings.production
    depends_on: [db, redis]
    stop_grace_period: 40s
  worker:
    build: .
    command: celery -A shop worker --concurrency=\${CELERY_CONCURRENCY:-4} -Q mail,default
    env_file: web.env
    environment: ["DJANGO_SETTINGS_MODULE=shop.settings.production", POOL_SIZE=6]
  beat:
    build: .
    command: [celery, -A, shop, beat]
    env_file: web.env
  db:
    image: postgres:\${POSTGRES_VERSION:-17}
    command: postgres -c max_connections=60 -c shared_buffers=256MB
    deploy:
      resources:
        limits: { memory: 1g, cpus: "1.5" }
  redis:
    image: redis:7-alpine
    command: redis-server --maxmemory 200mb --maxmemory-policy allkeys-lru
`,
  'compose.override.yaml': `
services:
  web:
    ports: !override ["8000:8000"]
    environment:
      CONN_MAX_AGE: "60"
    deploy: { replicas: 2 }
  beat:
    env_file: !reset null
  db:
    command: postgres -c max_connections=40
`,
  '.env': `
PASSWORD=secret
CELERY_CONCURRENCY=6
POSTGRES_VERSION=16
`,
  'web.env': `
# Values of all services that run the code
GUNICORN_CMD_ARGS="--workers 3 --threads 4 --timeout 60"
DATABASE_URL=postgresql://shop:\${PASSWORD}@db:5432/shop
POOL_SIZE=8 # in each process
`,
  Dockerfile: `
ARG PYTHON=3.13
FROM python:\${PYTHON}-slim AS base
ENV PYTHONUNBUFFERED=1 \\
    WEB_CONCURRENCY=2
WORKDIR /srv
COPY . .
ENTRYPOINT ["/srv/start.sh"]
CMD ["gunicorn", "shop.wsgi"]
`,
  'start.sh': `
#!/bin/sh
set -e
export CONN_MAX_AGE="\${CONN_MAX_AGE:-0}"
if [ "$1" = celery ]; then
  exec "$@" --prefetch-multiplier 1
fi
exec "$@"
`,
  'manage.py': `
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.base")
`,
  'shop/__init__.py': `
from .celery import app as celery_app
`,
  'shop/celery.py': `
from celery import Celery
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
`,
  'shop/wsgi.py': `
import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.production")
application = get_wsgi_application()
`,
  'shop/settings/__init__.py': '',
  'shop/settings/base.py': `
import os
from pathlib import Path
import dj_database_url
BASE_DIR = Path(__file__).resolve().parent.parent
INSTALLED_APPS = ["django.contrib.auth", "rest_framework", "orders"]
DATABASES = {"default": dj_database_url.config(conn_max_age=int(os.environ.get("CONN_MAX_AGE", 0)))}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://redis:6379/0"}}
CELERY_BROKER_URL = "redis://redis:6379/0"
CELERY_WORKER_CONCURRENCY = 4
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": []}
`,
  'shop/settings/production.py': `
from .base import *
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 2,
    "max_size": int(os.environ["POOL_SIZE"]),
}
`,
  'orders/__init__.py': '',
  'orders/tasks.py': `
from celery import shared_task
import redis
client = redis.Redis(host="redis", max_connections=20)
@shared_task
def send(order):
    client.get(order)
`,
  'headroom.yaml': `
load: { users: 80, thinkSeconds: 2, responseSeconds: 0.3 }
`,
});

/** A Node API behind nginx whose compose files share their parts: anchors, merge keys, extends, include, documents. */
export const nodeWithSharedYaml: Texts = textsOf({
  'docker-compose.yml': `
x-logging: &logging
  driver: json-file
x-limits: &limits
  deploy:
    resources:
      limits: &small { cpus: '0.50', memory: 256M }
      reservations:
        memory: 512M
x-environment: &environment
  DATABASE_URL: &url "postgres://app:secret@pgbouncer:6432/app"
  NODE_ENV: production
  ? PGPOOL_MAX
  : "20"

include:
  - path: [deploy/stores.yml]
    env_file: deploy/stores.env

services:
  api: &api
    <<: [*limits, { logging: *logging }]
    build: { context: ./api, args: { PORT: 3000 } }
    environment: { <<: *environment, WORKERS: '4' }
    scale: 3
  jobs:
    <<: *api
    scale: 1
    command: >-
      node
      --max-old-space-size=2048
      jobs.js
  reports:
    extends: { file: deploy/common.yml, service: python }
    environment:
      <<: *environment
      DATABASE_URL: *url
      POOL_SIZE: "15"
    command: |
      uvicorn main:app --host 0.0.0.0 \\
        --workers 4 --limit-concurrency 64
  proxy:
    image: nginx:1.27
    volumes: ["./deploy/nginx.conf:/etc/nginx/nginx.conf:ro"]
    ports: ["80:80"]
`,
  'deploy/common.yml': `
services:
  base:
    init: true
    mem_limit: 300m
    logging: &log
      driver: local
      options: { max-size: 10m }
  python:
    extends: base
    build: ../reports
    logging: *log
    environment:
      - WEB_CONCURRENCY=2
      - POOL_SIZE
---
services: {}
`,
  'deploy/stores.yml': `
services:
  db:
    image: mysql:8.4
    command: --max-connections=\${MAX_CONNECTIONS:?set it} --innodb-buffer-pool-size=1G
    mem_limit: 768m
  postgres:
    image: postgres:17
    command: ["postgres", "-c", "max_connections=\${PG_CONNECTIONS-30}"]
  pgbouncer:
    image: edoburu/pgbouncer
    environment: { DB_HOST: postgres, MAX_CLIENT_CONN: 50, DEFAULT_POOL_SIZE: "\${PG_CONNECTIONS}", POOL_MODE: transaction }
  cache:
    image: redis
    command: redis-server /etc/redis.conf
    volumes:
      - { type: bind, source: ./redis.conf, target: /etc/redis.conf }
`,
  'deploy/stores.env': `
MAX_CONNECTIONS=151
PG_CONNECTIONS=25
`,
  'deploy/redis.conf': `
maxmemory 128mb
maxmemory-policy noeviction
`,
  'deploy/nginx.conf': `
worker_processes auto;
events { worker_connections 512; }
http {
  upstream api { server api:3000; keepalive 16; }
  server {
    listen 80;
    location / { proxy_pass http://api; proxy_read_timeout 20s; }
    location /reports { proxy_pass http://reports:8000; }
  }
}
`,
  'api/Dockerfile': `
FROM node:22-alpine
ARG PORT
ENV PORT=$PORT
COPY package.json .
CMD ["npm", "start"]
`,
  'api/package.json': `
{ "name": "api", "scripts": { "start": "pm2-runtime server.js -i 4" }, "dependencies": { "pg": "8.16.3" } }
`,
  'reports/Dockerfile': `
FROM python:3.13
COPY main.py .
`,
  'reports/main.py': `
import os
from contextlib import asynccontextmanager
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine
options = {"pool_size": int(os.getenv("POOL_SIZE") or 5), "max_overflow": 10}
engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgres://", "postgresql+asyncpg://"), **options)
@asynccontextmanager
async def lifespan(app):
    yield
    await engine.dispose()
app = FastAPI(lifespan=lifespan)
`,
});

/** Every text without the line break that its template begins with. */
function textsOf(files: Readonly<Record<string, string>>): Texts {
  return new Map(Object.entries(files).map(([path, text]) => [path, text.replace(/^\n/, '')]));
}
