"""文档转换服务的 HTTP 入口。"""
import logging
import os

from flask import Flask, jsonify

from shared.database import MySQLDatabase
from src.routes.jobs import jobs_blueprint
from src.routes.reports import create_reports_blueprint

logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"))

# 报表查询直接写 SQL，不经过 ORM
report_database = MySQLDatabase(
    host=os.environ.get("MYSQL_HOST", "localhost"),
    user=os.environ["MYSQL_USER"],
    password=os.environ["MYSQL_PASSWORD"],
    database=os.environ["MYSQL_DATABASE"],
)


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024 * 1024
    app.register_blueprint(jobs_blueprint, url_prefix="/api/jobs")
    app.register_blueprint(create_reports_blueprint(report_database), url_prefix="/api/reports")

    @app.get("/healthz")
    def healthz():
        return jsonify(status="ok")

    return app


app = create_app()

if __name__ == "__main__":
    # 仅供本地调试
    app.run(host="0.0.0.0", port=5000, debug=True, threaded=True)
