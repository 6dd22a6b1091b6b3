package dev.patronstream.snapshotter.layout;

import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.Names;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.UserName;
import dev.patronstream.snapshotter.layout.destiny.Homeroom;
import dev.patronstream.snapshotter.layout.destiny.Identifiers;
import dev.patronstream.snapshotter.layout.destiny.PatronValues;
import dev.patronstream.snapshotter.layout.destiny.StaffColumnMap;
import dev.patronstream.snapshotter.layout.destiny.WrittenForm;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.rules.Rules;
import java.util.Map;
import java.util.Optional;

/** Settings of Destiny's layout, the usual ones for all that no test is about. */
public final class DestinyLayoutBuilder {

    private final Map<Integer, String> sites;
    private final int schoolYear;
    private Identifiers identifiers = Identifiers.DEFAULT;
    private Names names = Names.RECORD;
    private Map<Integer, String> grades = Map.of();
    private Map<String, String> genders = Map.of();
    private Optional<Homeroom> homeroom = Optional.empty();
    private UserName userName = UserName.NONE;
    private String userNameKey = "field_username";
    private Optional<String> noSchoolSite = Optional.empty();
    private Optional<StaffColumnMap> staffPatronType = Optional.empty();
    private Optional<StaffColumnMap> staffIsTeacher = Optional.empty();
    private boolean header = true;
    private TextEncoding encoding = TextEncoding.UTF_8;
    private Optional<String> encodingName = Optional.empty();
    private Map<String, Boolean> omit = Map.of();
    private Map<String, String> columns = Map.of();
    private Map<String, Map<String, String>> maps = Map.of();
    private Rules rules = Rules.USUAL;

    private DestinyLayoutBuilder(Map<Integer, String> sites, int schoolYear) {
        this.sites = sites;
        this.schoolYear = schoolYear;
    }

    /** Starts from the usual settings. */
    public static DestinyLayoutBuilder of(Map<Integer, String> sites, int schoolYear) {
        return new DestinyLayoutBuilder(sites, schoolYear);
    }

    public DestinyLayoutBuilder identifiers(Identifiers value) {
        identifiers = value;
        return this;
    }

    public DestinyLayoutBuilder names(Names value) {
        names = value;
        return this;
    }

    /** Changes the names of some grades; the others keep theirs. */
    public DestinyLayoutBuilder grades(Map<Integer, String> changes) {
        grades = changes;
        return this;
    }

    /** Adds to the genders that are sent as they are. */
    public DestinyLayoutBuilder genders(Map<String, String> changes) {
        genders = changes;
        return this;
    }

    public DestinyLayoutBuilder homeroom(Homeroom value) {
        homeroom = Optional.of(value);
        return this;
    }

    public DestinyLayoutBuilder userName(UserName value) {
        userName = value;
        return this;
    }

    public DestinyLayoutBuilder userNameKey(String value) {
        userNameKey = value;
        return this;
    }

    public DestinyLayoutBuilder noSchoolSite(String value) {
        noSchoolSite = Optional.of(value);
        return this;
    }

    public DestinyLayoutBuilder staffPatronType(StaffColumnMap value) {
        staffPatronType = Optional.of(value);
        return this;
    }

    public DestinyLayoutBuilder staffIsTeacher(StaffColumnMap value) {
        staffIsTeacher = Optional.of(value);
        return this;
    }

    public DestinyLayoutBuilder header(boolean value) {
        header = value;
        return this;
    }

    public DestinyLayoutBuilder encoding(TextEncoding value) {
        encoding = value;
        return this;
    }

    public DestinyLayoutBuilder encodingName(String value) {
        encodingName = Optional.of(value);
        return this;
    }

    public DestinyLayoutBuilder omit(Map<String, Boolean> value) {
        omit = value;
        return this;
    }

    public DestinyLayoutBuilder columns(Map<String, String> value) {
        columns = value;
        return this;
    }

    public DestinyLayoutBuilder maps(Map<String, Map<String, String>> value) {
        maps = value;
        return this;
    }

    public DestinyLayoutBuilder rules(Rules value) {
        rules = value;
        return this;
    }

    /** Returns the settings, unchecked; see {@link DestinyLayoutSettings#problems}. */
    public DestinyLayoutSettings build() {
        return new DestinyLayoutSettings(
                new TemplateContext(sites, noSchoolSite, schoolYear, maps),
                identifiers,
                new PatronValues(
                        names, grades, genders, homeroom, userName, userNameKey, staffPatronType, staffIsTeacher),
                new WrittenForm(header, encoding, encodingName),
                omit,
                columns,
                rules);
    }
}
