from rest_framework import generics, viewsets

from .models import Attachment, Customer, Ticket
from .pagination import AttachmentPagination
from .serializers import AttachmentSerializer, CustomerSerializer, TicketSerializer
from .tasks import notify_assignee


class TicketViewSet(viewsets.ModelViewSet):
    """工单：列表、详情、新建、修改。"""

    queryset = Ticket.objects.select_related("customer", "assignee").order_by("-created_at")
    serializer_class = TicketSerializer

    def perform_create(self, serializer):
        ticket = serializer.save()
        notify_assignee.delay(ticket.pk)


class CustomerListView(generics.ListCreateAPIView):
    queryset = Customer.objects.order_by("name")
    serializer_class = CustomerSerializer


class CustomerDetailView(generics.RetrieveUpdateAPIView):
    queryset = Customer.objects.all()
    serializer_class = CustomerSerializer


class AttachmentListView(generics.ListAPIView):
    # 附件多，一开始就做了分页
    queryset = Attachment.objects.order_by("id")
    serializer_class = AttachmentSerializer
    pagination_class = AttachmentPagination
