from rest_framework.pagination import PageNumberPagination


class AttachmentPagination(PageNumberPagination):
    page_size = 20
