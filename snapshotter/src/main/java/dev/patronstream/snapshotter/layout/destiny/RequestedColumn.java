package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.snapshotter.layout.Column;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.Treatment;
import dev.patronstream.snapshotter.layout.template.Template;
import java.util.List;
import java.util.Optional;

/**
 * The columns of Destiny's patron import that are sent only when a district asks for them, in the order in which they
 * follow the default ones.
 *
 * <p>Keys and lengths are those of Follett's help, {@code r_PIC_Available_Destiny_fields}; where it names no length,
 * nothing is cut.
 */
record RequestedColumn(String header, String key, int length) {

    private static final int UNKNOWN = Integer.MAX_VALUE;

    static final List<RequestedColumn> ALL = List.of(
            new RequestedColumn("Access Level", "field_accessLevel", 30),
            new RequestedColumn("Resource Group", "field_resourceGroup", 30),
            new RequestedColumn("Card Expires", Layout.CARD_EXPIRES_KEY, 10),
            new RequestedColumn("Acceptable Use Policy on File", "field_isAcceptableUsePolicyOnFile", 5),
            new RequestedColumn("User Defined 1", "field_userDefined1", 30),
            new RequestedColumn("User Defined 2", "field_userDefined2", 30),
            new RequestedColumn("User Defined 3", "field_userDefined3", 30),
            new RequestedColumn("User Defined 4", "field_userDefined4", 30),
            new RequestedColumn("User Defined 5", "field_userDefined5", 30),
            new RequestedColumn("Birth Date", Layout.BIRTH_DATE_KEY, 10),
            new RequestedColumn("Password", "field_password", 50),
            new RequestedColumn("Email 2", "field_emailSecondary", 200),
            new RequestedColumn("Email 3", "field_email3", 200),
            new RequestedColumn("Email 4", "field_email4", 200),
            new RequestedColumn("Email 5", "field_email5", 200),
            new RequestedColumn("Address 1 Line 1", "field_addressPrimaryLine1", 90),
            new RequestedColumn("Address 1 Line 2", "field_addressPrimaryLine2", 90),
            new RequestedColumn("Address 1 City", "field_addressPrimaryCity", 90),
            new RequestedColumn("Address 1 State", "field_addressPrimaryState", UNKNOWN),
            new RequestedColumn("Address 1 Zip Code", "field_addressPrimaryZipCode", UNKNOWN),
            new RequestedColumn("Address 1 Phone 1", "field_addressPrimaryPhoneNumberPrimary", UNKNOWN),
            new RequestedColumn("Address 1 Phone 2", "field_addressPrimaryPhoneNumberSecondary", UNKNOWN),
            new RequestedColumn("Address 2 Line 1", "field_addressSecondaryLine1", 90),
            new RequestedColumn("Address 2 Line 2", "field_addressSecondaryLine2", 90),
            new RequestedColumn("Address 2 City", "field_addressSecondaryCity", 90),
            new RequestedColumn("Address 2 State", "field_addressSecondaryState", UNKNOWN),
            new RequestedColumn("Address 2 Zip Code", "field_addressSecondaryZipCode", UNKNOWN),
            new RequestedColumn("Address 2 Phone 1", "field_addressSecondaryPhoneNumberPrimary", UNKNOWN),
            new RequestedColumn("Address 2 Phone 2", "field_addressSecondaryPhoneNumberSecondary", UNKNOWN));

    static Optional<RequestedColumn> of(String header) {
        return ALL.stream().filter(column -> column.header.equals(header)).findFirst();
    }

    static List<String> headers() {
        return ALL.stream().map(RequestedColumn::header).toList();
    }

    boolean isDate() {
        return Layout.DATE_KEYS.contains(key);
    }

    Column column(Template template) {
        Treatment treatment = header.startsWith("Email ") ? Treatment.EMAIL : Treatment.TEXT;
        return Column.of(header, key, length, template::of)
                .treated(treatment.tellingStatus(template.tellsStatus()))
                .from(template::source);
    }
}
