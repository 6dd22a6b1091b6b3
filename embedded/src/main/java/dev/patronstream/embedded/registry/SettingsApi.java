package dev.patronstream.embedded.registry;

import static dev.patronstream.embedded.registry.RegistryApi.answer;
import static dev.patronstream.embedded.registry.RegistryApi.body;
import static dev.patronstream.embedded.registry.RegistryApi.flag;
import static dev.patronstream.embedded.registry.RegistryApi.subject;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;

/** The REST calls for compatibility levels and modes, of the whole registry and of single subjects. */
final class SettingsApi {

    private final Registry registry;

    SettingsApi(Registry registry) {
        this.registry = registry;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/config", context -> answerLevel(context, registry.globalLevel()));
        routes.put("/config", context -> putLevel(context, Optional.empty()));
        routes.delete("/config", this::deleteGlobalLevel);
        routes.get("/config/{subject}", context -> answerLevel(context, subjectLevel(context)));
        routes.put("/config/{subject}", context -> putLevel(context, Optional.of(subject(context))));
        routes.delete("/config/{subject}", this::deleteSubjectLevel);
        routes.get("/mode", context -> answerMode(context, registry.globalMode()));
        routes.put("/mode", context -> putMode(context, Optional.empty()));
        routes.get("/mode/{subject}", context -> answerMode(context, subjectMode(context)));
        routes.put("/mode/{subject}", context -> putMode(context, Optional.of(subject(context))));
        routes.delete("/mode/{subject}", this::deleteSubjectMode);
    }

    private void putLevel(Context context, Optional<String> subject) {
        CompatibilityLevel level =
                CompatibilityLevel.parse(body(context).path("compatibility").asText());
        registry.setLevel(subject, Optional.of(level));
        answer(context, Map.of("compatibility", level));
    }

    private void deleteGlobalLevel(Context context) {
        CompatibilityLevel before = registry.globalLevel();
        registry.setLevel(Optional.empty(), Optional.empty());
        answerLevel(context, before);
    }

    private CompatibilityLevel subjectLevel(Context context) {
        String subject = subject(context);
        return registry.read(now -> now.level(Optional.of(subject)))
                .or(() -> flag(context, "defaultToGlobal") ? Optional.of(registry.globalLevel()) : Optional.empty())
                .orElseThrow(() -> RegistryException.noSubjectConfig(subject));
    }

    private void deleteSubjectLevel(Context context) {
        String subject = subject(context);
        CompatibilityLevel before = registry.read(now -> now.level(Optional.of(subject)))
                .orElseThrow(() -> RegistryException.noSubjectConfig(subject));
        registry.setLevel(Optional.of(subject), Optional.empty());
        answerLevel(context, before);
    }

    private void putMode(Context context, Optional<String> subject) {
        Mode mode = Mode.parse(body(context).path("mode").asText());
        registry.setMode(subject, Optional.of(mode), flag(context, "force"));
        answerMode(context, mode);
    }

    private Mode subjectMode(Context context) {
        String subject = subject(context);
        return registry.read(now -> now.mode(Optional.of(subject)))
                .or(() -> flag(context, "defaultToGlobal") ? Optional.of(registry.globalMode()) : Optional.empty())
                .orElseThrow(() -> RegistryException.noSubjectMode(subject));
    }

    private void deleteSubjectMode(Context context) {
        String subject = subject(context);
        Mode before = registry.read(now -> now.mode(Optional.of(subject)))
                .orElseThrow(() -> RegistryException.noSubjectMode(subject));
        registry.setMode(Optional.of(subject), Optional.empty(), true);
        answerMode(context, before);
    }

    private static void answerLevel(Context context, CompatibilityLevel level) {
        answer(context, Map.of("compatibilityLevel", level));
    }

    private static void answerMode(Context context, Mode mode) {
        answer(context, Map.of("mode", mode));
    }
}
