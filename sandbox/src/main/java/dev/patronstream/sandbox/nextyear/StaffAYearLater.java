package dev.patronstream.sandbox.nextyear;

import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.Names;
import dev.patronstream.sandbox.district.Population;
import dev.patronstream.sandbox.nextyear.NextSchoolYear.Chance;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/** Makes the next year's rows of STF, one after the other. */
final class StaffAYearLater implements Iterator<Object[]> {

    private final Chance chance;
    private final int schoolYear;
    private final List<Integer> schools;
    private final Iterator<Object[]> source;
    private final Deque<TableRow> ready = new ArrayDeque<>();
    private int lastId;
    private int places;

    StaffAYearLater(SchoolYearTables thisYear, Chance chance, int schoolYear) {
        this.chance = chance;
        this.schoolYear = schoolYear;
        this.schools = new TeachingSchools(thisYear).codes();
        Iterator<Object[]> all = thisYear.rows(AeriesTable.STF);
        while (all.hasNext()) {
            int id = new TableRow(AeriesTable.STF, all.next()).number("ID");
            if (id < Population.FIRST_NEW_STAFF) {
                lastId = Math.max(lastId, id);
            }
        }
        this.source = thisYear.rows(AeriesTable.STF);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && source.hasNext()) {
            aYearLater(new TableRow(AeriesTable.STF, source.next()));
        }
        if (ready.isEmpty() && places > 0) {
            places--;
            ready.add(newMember());
        }
        return !ready.isEmpty();
    }

    @Override
    public Object[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.removeFirst().values();
    }

    private void aYearLater(TableRow row) {
        if (row.isDeleted()) {
            return;
        }
        SplittableRandom random = chance.of(row.number("ID"));
        TableRow later = row.copy();
        int draw = random.nextInt(100);
        if (row.isMissing("LD") && draw < 5) {
            places++;
            later.on("LD", LocalDate.of(schoolYear, 6, 30));
        } else if (draw > 96 && schools.contains(row.number("PSC"))) {
            later.with("PSC", schools.get(random.nextInt(schools.size())));
        }
        ready.add(later);
    }

    private TableRow newMember() {
        int id = ++lastId;
        SplittableRandom random = chance.of(id);
        String first = Names.first(random);
        String last = Names.last(random);
        String login = Names.plain(first).charAt(0) + Names.plain(last) + id;
        return new TableRow(
                        AeriesTable.STF, new Object[AeriesTable.STF.columns().size()])
                .with("ID", id)
                .with("LN", last)
                .with("FN", first)
                .with("GN", random.nextBoolean() ? "F" : "M")
                .with("EM", login + "@eagle.example")
                .with("PSC", schools.get(random.nextInt(schools.size())))
                .on("HD", LocalDate.of(schoolYear, 8, 1))
                .with("TG", " ")
                .with("PS", "A")
                .with("NID", login)
                .with("DEL", false);
    }
}
