# The program alone: no shell, no other files, nobody's root. It writes below
# /data (database and uploads) and /tmp only, so that the rest may be read-only:
#
#     docker build -t xxsns .
#     docker run --read-only -v xxsns:/data --tmpfs /tmp -p 8080:8080 xxsns
#
# .ci/dockerfile does what is written here without an engine, as a check.

FROM golang:1.26-alpine AS build
WORKDIR /src

# Their own layer: modules change less often than the program.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ARG VERSION=unknown
RUN --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -tags nomsgpack,nodynamic -trimpath -ldflags "-s -w -X main.version=$VERSION" -o image/xxsns ./app
# What the program writes to. A new volume takes over owner and mode.
RUN mkdir -p image/writable/data/uploads image/writable/tmp && chmod 1777 image/writable/tmp

FROM scratch
ARG VERSION=unknown
LABEL org.opencontainers.image.title="xxsns" \
      org.opencontainers.image.description="A small social network for one community" \
      org.opencontainers.image.version="$VERSION"

# Redis over TLS (rediss://) and push services ask for them.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/image/xxsns /xxsns
COPY --from=build --chown=10001:10001 /src/image/writable/ /

# Enough for a container on its own; docker-compose.yml sets what replicas need.
ENV DATABASE_URL=sqlite:/data/xxsns.db \
    UPLOADS_DIR=/data/uploads

USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/xxsns", "ready"]
ENTRYPOINT ["/xxsns"]
CMD ["serve"]
