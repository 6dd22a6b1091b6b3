package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How barcodes and District IDs are written, as templates: {@code {id}}, {@code T{id}}, {@code {id:%07d}}. IDs of staff
 * may equal those of students; Destiny matches by District ID.
 */
public record Identifiers(
        String studentBarcode, String staffBarcode, String studentDistrictId, String staffDistrictId) {

    /** The ID as text; barcodes of staff with a T before it. */
    public static final Identifiers DEFAULT = new Identifiers("{id}", "T{id}", "{id}", "{id}");

    /** Returns the templates that are none, with paths relative to the identifiers. */
    List<SettingProblem> problems() {
        return Stream.of(
                        IdTemplate.problem("barcode.student", studentBarcode),
                        IdTemplate.problem("barcode.staff", staffBarcode),
                        IdTemplate.problem("district-id.student", studentDistrictId),
                        IdTemplate.problem("district-id.staff", staffDistrictId))
                .flatMap(Optional::stream)
                .toList();
    }
}
