package dev.patronstream.cli.config.setting;

/** What a command uses of the configuration: secrets of other parts need not be there. */
public enum Part {
    /** The SIS's database. */
    DATABASE,
    KAFKA,
    /** The vendors' SFTP servers. */
    DELIVERY
}
