import os
import uuid

from flask import Blueprint, abort, current_app, jsonify, request
from sqlalchemy import select
from werkzeug.utils import secure_filename

from shared.database import session_scope
from shared.job_queue import enqueue, read_state
from shared.models import Job

jobs_blueprint = Blueprint("jobs", __name__)

UPLOAD_DIR = os.environ.get("UPLOAD_DIR", "/data/uploads")


@jobs_blueprint.post("")
def create_job():
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        abort(400, "file is required")

    job_id = uuid.uuid4().hex
    path = os.path.join(UPLOAD_DIR, f"{job_id}-{secure_filename(upload.filename)}")
    upload.save(path)

    with session_scope() as session:
        session.add(Job(id=job_id, user_id=request.form.get("user_id", type=int), status="queued", path=path))

    enqueue(job_id, path)
    current_app.logger.info("job %s queued", job_id)
    return jsonify(id=job_id, status="queued"), 202


@jobs_blueprint.get("/<job_id>")
def get_job(job_id: str):
    # 先查 Redis 里的实时状态，没有再查数据库
    state = read_state(job_id)
    if state is not None:
        return jsonify(state)

    with session_scope() as session:
        job = session.get(Job, job_id)
        if job is None:
            abort(404)
        return jsonify(id=job.id, status=job.status)


@jobs_blueprint.get("")
def list_jobs():
    user_id = request.args.get("user_id", type=int)
    status = request.args.get("status")
    query = select(Job).where(Job.user_id == user_id, Job.deleted_at.is_(None))
    if status:
        query = query.where(Job.status == status)
    query = query.order_by(Job.created_at.desc()).limit(50)

    with session_scope() as session:
        jobs = session.scalars(query).all()
        return jsonify([{"id": job.id, "status": job.status} for job in jobs])
