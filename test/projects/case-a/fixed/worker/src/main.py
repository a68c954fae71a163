"""重型任务 worker：一次处理一个文档。"""
import logging
import signal

from shared.job_queue import claim, next_job, report_progress, save_state
from worker.src.converter import convert
from worker.src.storage import finish_job

logging.basicConfig(level=logging.INFO)
log = logging.getLogger("worker")

running = True


def stop(_signal, _frame):
    global running
    running = False


def main() -> None:
    signal.signal(signal.SIGTERM, stop)
    while running:
        job = next_job()
        if job is None or not claim(job["id"]):
            continue
        try:
            save_state(job["id"], "running")
            pages = convert(job["path"], on_page=lambda page, total: report_progress(job["id"], page, total))
            finish_job(job["id"], "done")
            save_state(job["id"], "done", pages=pages)
        except Exception:
            log.exception("job %s failed", job["id"])
            finish_job(job["id"], "failed")
            save_state(job["id"], "failed")


if __name__ == "__main__":
    main()
