from django.core.cache import cache
from django.db import connections
from rest_framework.response import Response
from rest_framework.views import APIView

SUMMARY = "SELECT day, opened, closed FROM daily_summary ORDER BY day DESC LIMIT 30"


class SummaryView(APIView):
    def get(self, request):
        # 汇总查询较慢，缓存 5 分钟
        return Response(cache.get_or_set("summary", self.load, 300))

    def load(self):
        with connections["analytics"].cursor() as cursor:
            cursor.execute(SUMMARY)
            return [{"day": day, "opened": opened, "closed": closed} for day, opened, closed in cursor.fetchall()]
