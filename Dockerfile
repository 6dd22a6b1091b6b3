# patronstream as an image: built by Maven, run by a JRE, as a user without rights.
FROM maven:3.9.9-eclipse-temurin-21 AS build
WORKDIR /build
COPY . .
RUN mvn -B -q -Dquick -Dmaven.test.skip=true -Dfolder-only -pl dist -am package

FROM eclipse-temurin:21.0.5_11-jre-jammy
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin patronstream \
    && install -d -o patronstream -g patronstream -m 0700 /var/lib/patronstream
# The folder demo is for the generated district of the compose file only; delete it where there is none.
COPY --from=build /build/dist/target/patronstream /opt/patronstream
USER patronstream
WORKDIR /var/lib/patronstream
VOLUME /var/lib/patronstream
EXPOSE 8085
# The launcher leaves its own limit of the heap out then.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=70 -XX:+UseSerialGC"
ENTRYPOINT ["/opt/patronstream/bin/patronstream"]
CMD ["run", "--config", "/etc/patronstream/patronstream.yaml"]
