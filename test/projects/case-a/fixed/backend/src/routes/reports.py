from flask import Blueprint, jsonify, request

from shared.database import MySQLDatabase

DAILY_TOTALS = """
    SELECT DATE(created_at) AS day, status, COUNT(*) AS total
    FROM jobs
    WHERE created_at >= %s AND deleted_at IS NULL
    GROUP BY day, status
    ORDER BY day
"""


def create_reports_blueprint(database: MySQLDatabase) -> Blueprint:
    reports = Blueprint("reports", __name__)

    @reports.get("/daily")
    def daily():
        since = request.args.get("since", "1970-01-01")
        return jsonify(database.fetch_all(DAILY_TOTALS, (since,)))

    return reports
