package wrongrooms.kitchen;

import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Mono;
import wrongrooms.cellar.hidden.Wine;

/** Goes into another room's hidden part, has its needs injected into fields, shares state, and knows Reactor. */
public class Cook {

    static int dishes;

    @Autowired
    Wine wine = new Wine();

    public Mono<Wine> pour() {
        dishes++;
        return Mono.just(wine);
    }
}
