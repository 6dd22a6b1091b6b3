package dev.patronstream.snapshotter.destination;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.AbstractUserAuth;
import org.apache.sshd.server.auth.UserAuth;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.session.ServerSession;

/**
 * {@code keyboard-interactive} with prompts in rounds, as PAM asks them; a prompt with a plus before it is echoed and wants
 * the user's name.
 */
record Rounds(List<List<String>> rounds) implements UserAuthFactory {

    @Override
    public String getName() {
        return "keyboard-interactive";
    }

    @Override
    public UserAuth createUserAuth(ServerSession session) {
        return new Asking(rounds);
    }

    private static final class Asking extends AbstractUserAuth {

        private final List<List<String>> rounds;
        private List<String> expected = List.of();
        private int asked;

        Asking(List<List<String>> rounds) {
            super("keyboard-interactive");
            this.rounds = rounds;
        }

        @Override
        protected Boolean doAuth(Buffer buffer, boolean begins) throws Exception {
            if (!begins && !answers(buffer).equals(expected)) {
                return false;
            }
            if (asked == rounds.size()) {
                return true;
            }
            ask(rounds.get(asked++));
            return null;
        }

        private static List<String> answers(Buffer buffer) {
            buffer.getByte();
            int count = buffer.getInt();
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(buffer.getString());
            }
            return answers;
        }

        private void ask(List<String> prompts) throws IOException {
            ServerSession session = getServerSession();
            Buffer question = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_INFO_REQUEST);
            question.putString("");
            question.putString("Bitte melden Sie sich an");
            question.putString("");
            question.putInt(prompts.size());
            expected = new ArrayList<>();
            for (String prompt : prompts) {
                boolean echo = prompt.startsWith("+");
                question.putString(echo ? prompt.substring(1) : prompt);
                question.putBoolean(echo);
                expected.add(echo ? HabitServer.USER : HabitServer.PASSWORD);
            }
            session.writePacket(question);
        }
    }
}
