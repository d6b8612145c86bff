package wrongrooms.kitchen;

import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TableReader;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Mono;
import wrongrooms.cellar.hidden.Wine;

/** Goes into another room's hidden part, has its needs injected into fields, shares state, reads past rights, and knows Reactor. */
public class Cook {

    static int dishes;

    @Autowired
    Wine wine = new Wine();

    /** Reads what the guest may not see. */
    public TableReader read(TableEngine engine, Table table) {
        return engine.reader(table);
    }

    public Mono<Wine> pour() {
        dishes++;
        return Mono.just(wine);
    }
}
