# patronstream as an image: the download, made by Maven, run by a JRE, as a user without rights. Not built by the project's tests.
FROM maven:3.9.9-eclipse-temurin-21 AS build
WORKDIR /build
COPY . .
RUN mvn -B -q -Dquick -Dmaven.test.skip=true -pl dist -am package \
    && mkdir -p /program /libraries/lib \
    && tar -xzf dist/target/patronstream-*.tar.gz --strip-components=1 -C /program \
    && version=$(ls /program/lib/connector-*.jar | sed 's/.*connector-//') \
    && find /program/lib -name '*.jar' ! -name patronstream.jar ! -name "*-$version" -exec mv {} /libraries/lib/ ';'

FROM eclipse-temurin:21.0.5_11-jre-jammy
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin patronstream \
    && install -d -o patronstream -g patronstream -m 0700 /var/lib/patronstream
# Libraries change less often than the program, and so are a layer of their own.
COPY --from=build /libraries /opt/patronstream
# The folder demo is for the generated district of the compose file only; delete it where there is none.
COPY --from=build /program /opt/patronstream
USER patronstream
WORKDIR /var/lib/patronstream
VOLUME /var/lib/patronstream
EXPOSE 8085
# The launcher leaves its own limit of the heap out then.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=70 -XX:+UseSerialGC" XDG_CACHE_HOME=/var/lib/patronstream/.cache
# By bash alone: the image need not have curl. With another status.port, give another check.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8085 && printf 'GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/opt/patronstream/bin/patronstream"]
CMD ["run", "--config", "/etc/patronstream/patronstream.yaml"]
