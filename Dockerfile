# syntax=docker/dockerfile:1

FROM eclipse-temurin:25.0.3_9-jdk-noble AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pom.xml ./
COPY config config
COPY proto proto
COPY python python
COPY src/main src/main
# Maven's cache stays between builds; it is no part of the image.
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp -q -Dmaven.test.skip=true package
# Layers: what changes rarely (libraries, the model) apart from what changes with every build.
RUN java -Djarmode=tools -jar target/akidb-*.jar extract --layers --destination /layers \
    && mv /layers/application/akidb-*.jar /layers/application/akidb.jar \
    && sed -n '/<artifactId>akidb</,/<version>/s:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -1 > /layers/VERSION

FROM eclipse-temurin:25.0.3_9-jre-noble AS run
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 akidb \
    && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/akidb --create-home --shell /usr/sbin/nologin akidb
WORKDIR /opt/akidb
COPY config/jvm.options ./config/
COPY scripts/akidb scripts/jdk25 ./bin/
COPY --from=build /layers/VERSION ./
COPY --from=build /layers/dependencies/ ./lib/
COPY --from=build /layers/snapshot-dependencies/ ./lib/
COPY --from=build /layers/application/ ./lib/
# A trial start, from which the JVM keeps what later starts can use.
RUN ln -s /opt/akidb/bin/akidb /usr/local/bin/akidb && HOME=/tmp/trial AKIDB_CACHE_DIR=/tmp/trial/models akidb build && rm -rf /tmp/trial
USER 10001:10001
# Bound to the container's own network, which the server refuses until whoever runs it says
# AKIDB_SECURITY_ALLOW_ANONYMOUS=true (docs/DEPLOYMENT.md).
ENV SERVER_ADDRESS=0.0.0.0 \
    SPRING_GRPC_SERVER_ADDRESS=0.0.0.0 \
    AKIDB_DATA_DIR=/var/lib/akidb/data \
    AKIDB_CACHE_DIR=/var/lib/akidb/models
VOLUME /var/lib/akidb
EXPOSE 8080 9090
# Follows the port and TLS of the environment and of the options given to the container.
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["akidb", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["akidb", "serve"]
