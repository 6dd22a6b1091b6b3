package dev.patronstream.cli.reconcile;

/** What a comparison with Destiny can find of one patron, and what it means. */
enum Finding {
    MATCHED("match by District ID"),
    ONLY_BY_BARCODE(
            "have a barcode that Destiny knows under another District ID or none: the update fails or makes a second"
                    + " patron. Correct the District IDs in Destiny first"),
    NEW("are new to Destiny and would be added"),
    NOT_IN_FILE("are in Destiny and not in the file: they stay as they are"),
    SEVERAL_IN_DESTINY("have a District ID that Destiny has more than once"),
    TRANSFERRED("would go to another site"),
    BARCODE_CHANGES("would get another barcode: printed cards stop working"),
    BARCODE_TAKEN("would get a barcode that another patron of Destiny's has: the update fails"),
    USER_NAME_CHANGES("would get another user name: log-ins stop working"),
    NAME_CHANGES("would get another name"),
    TYPE_CHANGES("would get another patron type, and with it other loan rules"),
    REACTIVATED("are inactive in Destiny and would become active"),
    INACTIVATED("are active in Destiny and would become inactive");

    final String words;

    Finding(String words) {
        this.words = words;
    }
}
