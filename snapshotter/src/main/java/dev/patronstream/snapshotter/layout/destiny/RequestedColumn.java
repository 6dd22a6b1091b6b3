package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.snapshotter.layout.Column;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.template.Template;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The columns of Destiny's patron import that are sent only when a district asks for them, in the order in which they
 * follow the default ones.
 *
 * <p>Keys and lengths are those of Follett's help, {@code r_PIC_Available_Destiny_fields}; where it names no length,
 * nothing is cut.
 */
enum RequestedColumn {
    ACCESS_LEVEL("Access Level", "field_accessLevel", 30),
    RESOURCE_GROUP("Resource Group", "field_resourceGroup", 30),
    CARD_EXPIRES("Card Expires", Layout.CARD_EXPIRES_KEY, 10),
    ACCEPTABLE_USE_POLICY("Acceptable Use Policy on File", "field_isAcceptableUsePolicyOnFile", 5),
    USER_DEFINED_1("User Defined 1", "field_userDefined1", 30),
    USER_DEFINED_2("User Defined 2", "field_userDefined2", 30),
    USER_DEFINED_3("User Defined 3", "field_userDefined3", 30),
    USER_DEFINED_4("User Defined 4", "field_userDefined4", 30),
    USER_DEFINED_5("User Defined 5", "field_userDefined5", 30),
    BIRTH_DATE("Birth Date", Layout.BIRTH_DATE_KEY, 10),
    PASSWORD("Password", "field_password", 50),
    EMAIL_2("Email 2", "field_emailSecondary", 200),
    EMAIL_3("Email 3", "field_email3", 200),
    EMAIL_4("Email 4", "field_email4", 200),
    EMAIL_5("Email 5", "field_email5", 200),
    ADDRESS_1_LINE_1("Address 1 Line 1", "field_addressPrimaryLine1", 90),
    ADDRESS_1_LINE_2("Address 1 Line 2", "field_addressPrimaryLine2", 90),
    ADDRESS_1_CITY("Address 1 City", "field_addressPrimaryCity", 90),
    ADDRESS_1_STATE("Address 1 State", "field_addressPrimaryState", RequestedColumn.UNKNOWN),
    ADDRESS_1_ZIP_CODE("Address 1 Zip Code", "field_addressPrimaryZipCode", RequestedColumn.UNKNOWN),
    ADDRESS_1_PHONE_1("Address 1 Phone 1", "field_addressPrimaryPhoneNumberPrimary", RequestedColumn.UNKNOWN),
    ADDRESS_1_PHONE_2("Address 1 Phone 2", "field_addressPrimaryPhoneNumberSecondary", RequestedColumn.UNKNOWN),
    ADDRESS_2_LINE_1("Address 2 Line 1", "field_addressSecondaryLine1", 90),
    ADDRESS_2_LINE_2("Address 2 Line 2", "field_addressSecondaryLine2", 90),
    ADDRESS_2_CITY("Address 2 City", "field_addressSecondaryCity", 90),
    ADDRESS_2_STATE("Address 2 State", "field_addressSecondaryState", RequestedColumn.UNKNOWN),
    ADDRESS_2_ZIP_CODE("Address 2 Zip Code", "field_addressSecondaryZipCode", RequestedColumn.UNKNOWN),
    ADDRESS_2_PHONE_1("Address 2 Phone 1", "field_addressSecondaryPhoneNumberPrimary", RequestedColumn.UNKNOWN),
    ADDRESS_2_PHONE_2("Address 2 Phone 2", "field_addressSecondaryPhoneNumberSecondary", RequestedColumn.UNKNOWN);

    private static final int UNKNOWN = Integer.MAX_VALUE;

    private final String header;
    private final String key;
    private final int length;

    RequestedColumn(String header, String key, int length) {
        this.header = header;
        this.key = key;
        this.length = length;
    }

    static Optional<RequestedColumn> of(String header) {
        return Arrays.stream(values())
                .filter(column -> column.header.equals(header))
                .findFirst();
    }

    static List<String> headers() {
        return Arrays.stream(values()).map(RequestedColumn::header).toList();
    }

    String header() {
        return header;
    }

    boolean isDate() {
        return this == CARD_EXPIRES || this == BIRTH_DATE;
    }

    Column column(Template template) {
        Column column = Column.text(header, key, length, template::of)
                .from(template::source)
                .tellingStatus(template.tellsStatus());
        return header.startsWith("Email ") ? column.ofEmail() : column;
    }
}
