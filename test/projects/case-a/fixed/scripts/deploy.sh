#!/usr/bin/env bash
# 部署到服务器：拉代码、构建、重启
set -euo pipefail

cd "$(dirname "$0")/.."
git pull --ff-only
docker compose -f docker-compose.unified.yml build
docker compose -f docker-compose.unified.yml up -d --remove-orphans
docker compose -f docker-compose.unified.yml ps
