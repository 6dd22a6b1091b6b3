package dev.patronstream.cli.web;

import dev.patronstream.cli.web.SampleDistrict.Situation;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;

/** Serves the page in a situation, to look at it while working on it: {@code PageMain WELL 8099}. */
final class PageMain {

    private PageMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        SampleDistrict district = new SampleDistrict(Situation.valueOf(arguments[0]), Instant.now());
        AccessToken token = AccessToken.ensure(Files.createTempDirectory("page"));
        try (StatusServer server = StatusServer.start("127.0.0.1", Integer.parseInt(arguments[1]), district, token)) {
            System.out.println(server.url());
            Thread.currentThread().join();
        }
    }
}
