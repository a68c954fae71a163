"""任务队列：Redis 列表 job_queue；任务状态保存在 job:<id>。"""
import json
import os

import redis

QUEUE_NAME = "job_queue"

client = redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379/0"), decode_responses=True)


def enqueue(job_id: str, path: str) -> None:
    client.set(f"job:{job_id}", json.dumps({"id": job_id, "status": "queued"}))
    client.lpush(QUEUE_NAME, json.dumps({"id": job_id, "path": path}))


def next_job(wait_seconds: int = 5) -> dict | None:
    item = client.brpop(QUEUE_NAME, timeout=wait_seconds)
    return json.loads(item[1]) if item else None


def save_state(job_id: str, status: str, **details) -> None:
    state = {"id": job_id, "status": status, **details}
    client.set(f"job:{job_id}", json.dumps(state, ensure_ascii=False))


def read_state(job_id: str) -> dict | None:
    state = client.get(f"job:{job_id}")
    return json.loads(state) if state else None


def claim(job_id: str) -> bool:
    # 防止重复处理，锁 10 分钟后自动失效
    return bool(client.set(f"lock:{job_id}", "1", nx=True, ex=600))


def report_progress(job_id: str, page: int, pages: int) -> None:
    key = f"progress:{job_id}"
    client.hset(key, mapping={"page": page, "pages": pages})
    client.expire(key, 3600)
