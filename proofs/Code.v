(** The checker, for any implementation of the integers: the code alone. *)
From Coq Require Import List ZArith Bool.
From OneHalf Require Import Statement Certificate.
Import ListNotations.

(** What is needed of the integers. (These are not axioms of the theory: [Instances.v] proves them of both implementations.) *)
Module Type INTS.
  Parameter t : Type.
  Parameter of_Z : Z -> t.
  Parameter to_Z : t -> Z.
  Parameters add sub mul max : t -> t -> t.
  Parameter leb : t -> t -> bool.
  Axiom of_spec : forall z, to_Z (of_Z z) = z.
  Axiom add_spec : forall x y, to_Z (add x y) = (to_Z x + to_Z y)%Z.
  Axiom sub_spec : forall x y, to_Z (sub x y) = (to_Z x - to_Z y)%Z.
  Axiom mul_spec : forall x y, to_Z (mul x y) = (to_Z x * to_Z y)%Z.
  Axiom max_spec : forall x y, to_Z (max x y) = Z.max (to_Z x) (to_Z y).
  Axiom leb_spec : forall x y, leb x y = Z.leb (to_Z x) (to_Z y).
End INTS.

(** The end of a list of places: an element, if there is one. *)
Definition holds (l : list bool) (i : nat) : bool := match nth_error l i with Some b => b | None => false end.
Definition bools_eqb (l m : list bool) : bool := Nat.eqb (length l) (length m) && forallb (fun xy => eqb (fst xy) (snd xy)) (combine l m).
Definition nats_eqb (l m : list nat) : bool := Nat.eqb (length l) (length m) && forallb (fun xy => Nat.eqb (fst xy) (snd xy)) (combine l m).

Module Code (T : INTS).
  Notation int := T.t.
  Local Infix "+!" := T.add (at level 50, left associativity).
  Local Infix "-!" := T.sub (at level 50, left associativity).
  Local Infix "*!" := T.mul (at level 40, left associativity).

  (** * Networks, evaluated over common denominators *)
  Definition zero := T.of_Z 0.
  Definition dot (n : list int * int) (D : int) (x : list int) : int :=
    fold_right (fun wv s => fst wv *! snd wv +! s) (snd n *! D) (combine (fst n) x).
  Definition step (l : int * list (list int * int)) (x : int * list int) : int * list int :=
    (fst l *! fst x, map (fun n => T.max (dot n (fst x) (snd x)) zero) (snd l)).
  Definition value (phi : list (int * list (list int * int)) * (int * (list int * int))) (x : int * list int) : int * int :=
    let y := fold_left (fun x l => step l x) (fst phi) x in
    (fst (snd phi) *! fst y, dot (snd (snd phi)) (fst y) (snd y)).

  Definition of_neuron (n : list Z * Z) := (map T.of_Z (fst n), T.of_Z (snd n)).
  Definition of_net (phi : net) :=
    (map (fun l => (T.of_Z (fst l), map of_neuron (snd l))) (fst phi), (T.of_Z (fst (snd phi)), of_neuron (snd (snd phi)))).

  (** The points, each as a denominator and its coordinates over it. *)
  Definition big_x1 (a kappa : rational) (k : nat) : Z * Z := (* x_1 = fst / snd *)
    (fst a * snd kappa, snd a * ((Z.of_nat k + 2) * snd kappa - fst kappa))%Z.
  Definition high (j : input) (k : nat) : bool := match j with One => label k | Two => negb (label k) | Zero => false end.
  Definition coordinates (a kappa : rational) (dim e : nat) (j : input) (k : nat) : Z * list Z :=
    let (n, d) := big_x1 a kappa k in
    let p := (2 ^ Z.of_nat e)%Z in
    ((d * p)%Z, (n * p)%Z :: (if high j k then d else 0%Z) :: repeat 0%Z (dim - 2)).
  Definition table (a kappa : rational) (dim e r : nat) (j : input) : list ((int * list int) * bool) :=
    map (fun k => let (D, x) := coordinates a kappa dim e j k in ((T.of_Z D, map T.of_Z x), label k)) (seq 0 r).

  (** * Costs, of errors s/D given as (D, s) *)
  Definition inward (v : int * int) (l : bool) : int * int := (fst v, if l then fst v -! snd v else snd v).
  Definition absolute (x : int) : int := T.max x (zero -! x).
  Definition sum (l : list (int * int)) : int * int :=
    fold_right (fun Ds acc => (fst Ds *! fst acc, absolute (snd Ds) *! fst acc +! snd acc *! fst Ds)) (T.of_Z 1, zero) l.
  Definition prod (l : list (int * int)) : int * int :=
    fold_right (fun Ds acc => (fst Ds *! fst acc, (fst Ds -! snd Ds) *! snd acc)) (T.of_Z 1, T.of_Z 1) l.
  Definition square (Ds : int * int) : int * int := (fst Ds *! fst Ds, snd Ds *! snd Ds).
  (** The sum or the maximum is at most p/q. *)
  Definition at_most (pq : int * int) (Ds : int * int) : bool := T.leb (snd pq *! snd Ds) (fst pq *! fst Ds).
  Definition cost_ok (cost : cost_name) (pq : int * int) (l : list (int * int)) : bool :=
    match cost with
    | Maximum => forallb (fun Ds => at_most pq (fst Ds, absolute (snd Ds))) l
    | MeanAbsolute => at_most pq (sum l)
    | MeanSquared => at_most (square pq) (let s := sum (map square l) in s)
    | CrossEntropy => forallb (fun Ds => T.leb zero (snd Ds) && T.leb (snd Ds) (fst Ds)) l
        && (let s := prod l in T.leb ((snd pq -! fst pq) *! fst s) (snd pq *! snd s))
    end.
  (** On the limit the infimum is 1/2: the level is 1/2 + tol. *)
  Definition level (tol : rational) (j : input) : int * int :=
    match j with
    | Zero => (T.of_Z (snd tol + 2 * fst tol), T.of_Z (2 * snd tol))
    | _ => (T.of_Z (fst tol), T.of_Z (snd tol))
    end.

  Fixpoint fits (d : nat) (N : list nat) (hidden : list neurons) (out : Z * (list Z * Z)) : bool :=
    match N, hidden with
    | [], [] => Nat.eqb (length (fst (snd out))) d
    | n :: N', l :: hidden' => Nat.leb (length (snd l)) n
        && forallb (fun u => Nat.eqb (length (fst u)) d) (snd l) && fits (length (snd l)) N' hidden' out
    | _, _ => false
    end.

  (** * Outputs *)
  Definition proper (q : rational) := Z.ltb 0 (snd q).
  (** |x_i - y_i| <= tol for all i *)
  Definition close_to (tol x y : rational) : bool :=
    let far := (snd tol * (fst x * snd y - fst y * snd x))%Z in
    let most := (fst tol * (snd x * snd y))%Z in Z.leb far most && Z.leb (- most) far.
  Definition near_all (tol : rational) (x y : list rational) : bool :=
    Nat.eqb (length x) (length y) && forallb (fun uv => close_to tol (fst uv) (snd uv)) (combine x y).
  Definition lp_target (e : nat) (y : rational) (j : nat) : list rational :=
    let p := (2 ^ Z.of_nat e)%Z in
    if Nat.eqb j 0 then [(0, 1)%Z; (fst y * p, snd y * (p + 1))%Z] else [y; (0, 1)%Z].
  Definition vertex_target (k j : nat) : list rational := map (fun i => if Nat.eqb i j then (1, 1)%Z else (0, 1)%Z) (seq 0 k).

  Definition well_formed (c : certificate) (o : output) : bool :=
    match problem c, o with
    | Training _ _ _ dim hidden _ _, Net phi =>
        forallb (fun l => Z.ltb 0 (fst l)) (fst phi) && Z.ltb 0 (fst (snd phi)) && fits dim hidden (fst phi) (snd phi)
    | Linear_program _ _, Point x => Nat.eqb (length x) 2 && forallb proper x
    | Simplex k _, Point x => Nat.eqb (length x) k && forallb proper x
    | _, _ => false
    end.

  (** The points of all inputs, made once. *)
  Definition tables (c : certificate) : list (list ((int * list int) * bool)) :=
    match problem c with
    | Training a kappa _ dim _ r _ => map (fun j => table a kappa dim (exponent c) r (training_input j)) (seq 0 (inputs c))
    | _ => []
    end.
  Definition judge (c : certificate) (ts : list (list ((int * list int) * bool))) (o : output) : list bool :=
    match problem c, o with
    | Training _ _ tol _ _ _ cost, Net phi =>
        let big := of_net phi in
        map (fun jt => cost_ok cost (level tol (training_input (fst jt))) (map (fun xl => inward (value big (fst xl)) (snd xl)) (snd jt)))
            (combine (seq 0 (inputs c)) ts)
    | Linear_program y K, Point x => map (fun j => near_all (1, 10 ^ Z.of_nat K)%Z x (lp_target (exponent c) y j)) (seq 0 (inputs c))
    | Simplex k tol, Point x => map (fun j => if Nat.ltb j k then near_all tol x (vertex_target k j) else true) (seq 0 (inputs c))
    | _, _ => []
    end.

  (** * Parameters *)
  Definition between (p q r : rational) := Z.leb (fst p * snd q) (fst q * snd p) && Z.leb (fst q * snd r) (fst r * snd q).
  Definition below_half (q : rational) := Z.ltb 0 (fst q) && Z.ltb (2 * fst q) (snd q).
  Definition check_problem (c : certificate) : bool :=
    match problem c with
    | Training a kappa tol dim hidden points cost =>
        proper a && proper kappa && proper tol && between (1, 2)%Z a (1, 1)%Z && between (1, 4)%Z kappa (3, 4)%Z && below_half tol
        && Nat.leb 2 dim && negb (match hidden with [] => true | _ => false end) && forallb (Nat.ltb 0) hidden
        && Nat.leb (P hidden + 2) points && Nat.leb 1 (exponent c)
        && (negb (limit c) || match cost with Maximum => true | _ => false end)
    | Linear_program y K => proper y && Z.ltb 0 (fst y) && Z.ltb (2 * snd y) (fst y * 10 ^ Z.of_nat K) && Nat.leb 2 (exponent c) && negb (limit c)
    | Simplex k tol => Nat.leb 2 k && proper tol && below_half tol && Nat.leb 2 (exponent c)
    end.
  Definition check_parameters (c : certificate) : bool :=
    check_problem c && proper (alpha c) && proper (margin c) && Nat.eqb (depth c) (coupling c).

  (** * Answers *)
  (** |m/2^s - u/v| <= 2^-n *)
  Definition close (q : dyadic) (u : rational) (n : nat) : bool :=
    let b := (2 ^ Z.of_nat n)%Z in let p := (2 ^ Z.of_nat (snd q))%Z in
    let far := T.of_Z b *! (T.of_Z (fst q) *! T.of_Z (snd u) -! T.of_Z (fst u) *! T.of_Z p) in
    let most := T.of_Z (snd u) *! T.of_Z p in
    T.leb far most && T.leb (zero -! most) far.
  Definition same (q1 q2 : dyadic) : bool :=
    (Z.eqb (fst q1) (fst q2) && Nat.eqb (snd q1) (snd q2)) || Z.eqb (fst q1 * 2 ^ Z.of_nat (snd q2)) (fst q2 * 2 ^ Z.of_nat (snd q1)).
  Definition all_same (l : list dyadic) : bool := match l with [] => true | q :: l' => forallb (same q) l' end.
  Definition truth (c : certificate) (j : nat) (kc : nat * nat) : rational :=
    let p := (2 ^ Z.of_nat (exponent c))%Z in
    match problem c with
    | Training a kappa _ dim _ _ _ =>
        let (D, x) := coordinates a kappa dim (exponent c) (training_input j) (fst kc) in (nth (snd kc) x 0%Z, D)
    | Linear_program _ _ => if Nat.eqb (snd kc) 1 then ((if Nat.eqb j 0 then p + 1 else p - 1)%Z, p) else (1, 1)%Z
    | Simplex k _ => if andb (Nat.ltb j k) (Nat.eqb (snd kc) j) then ((p - 1)%Z, p) else (1, 1)%Z
    end.
  Definition check_answer (c : certificate) (x : question * list dyadic) : bool :=
    let '((k, col, n), l) := x in
    Nat.eqb (length l) (inputs c) && Nat.ltb k (rows c) && Nat.ltb col (columns c) && Z.leb (Z.of_nat n) (budget c)
    && forallb (fun jq => close (snd jq) (truth c (fst jq) (k, col)) n) (combine (seq 0 (inputs c)) l)
    && (Nat.ltb (depth c) n || all_same l).
  Definition earlier (p q : question) : bool :=
    let '(k, col, n) := p in let '(k', col', n') := q in
    Nat.ltb k k' || Nat.eqb k k' && (Nat.ltb col col' || Nat.eqb col col' && Nat.ltb n n').
  Fixpoint in_order (l : list question) : bool :=
    match l with p :: ((q :: _) as l') => earlier p q && in_order l' | _ => true end.

  (** * Runs *)
  Definition verdict (c : certificate) (made : list (list bool)) (o : option nat) : list bool :=
    match o with Some i => nth i made [] | None => repeat false (inputs c) end.
  Definition check_status (n : nat) (r : run) : bool :=
    match made r with Some i => Nat.eqb (status r) 0 && Nat.ltb i n | None => negb (Nat.eqb (status r) 0) end.
  (** Of what was refused: it lies past the budget; on entries with one truth, or at coupled depth, it tells nothing. *)
  Definition past_budget (c : certificate) (x : nat * nat * Z) : bool :=
    let '(k, col, n) := x in Nat.ltb k (rows c) && Nat.ltb col (columns c) && Z.ltb (budget c) n.
  Definition same_rational (p q : rational) : bool := Z.eqb (fst p * snd q) (fst q * snd p).
  Definition untold (c : certificate) (x : nat * nat * Z) : bool :=
    Z.leb (snd x) (Z.of_nat (depth c)) || forallb (fun j => same_rational (truth c j (fst x)) (truth c 0 (fst x))) (seq 0 (inputs c)).
  Definition check_end (cut : list bool) (r : run) : bool :=
    match asked r with Some g => negb (holds cut g) || Nat.eqb (status r) 1 | None => true end.
  Definition check_trial (c : certificate) (made_list : list (list bool)) (like deep : list bool) (t : trial) : bool :=
    match t with
    | Shared r => check_status (length made_list) r && bools_eqb (right r) (verdict c made_list (made r))
        && match asked r with Some g => holds like g | None => true end
    | Apart rs => Nat.eqb (length rs) (inputs c)
        && forallb (fun jr => check_status (length made_list) (snd jr) && eqb (nth 0 (right (snd jr)) false) (nth (fst jr) (verdict c made_list (made (snd jr))) false)
             && match asked (snd jr) with Some g => holds deep g | None => match made (snd jr) with None => true | Some _ => false end end)
           (combine (seq 0 (inputs c)) rs)
    end.

  (** * Limits *)
  Fixpoint factorial (n : nat) : int := match n with O => T.of_Z 1 | S m => T.of_Z (Z.of_nat n) *! factorial m end.
  Fixpoint power_pos (x : int) (p : positive) : int :=
    match p with
    | xH => x
    | xO p => let y := power_pos x p in y *! y
    | xI p => let y := power_pos x p in x *! (y *! y)
    end.
  Definition power (x : int) (n : nat) : int := match N.of_nat n with N0 => T.of_Z 1 | Npos p => power_pos x p end.
  Definition check_upper (alpha : rational) (n s : nat) (h : Z) : bool :=
    if Nat.eqb s n then Z.eqb h 1000000
    else
      let front := T.of_Z (Z.of_nat (n + 1)) *! factorial n *! T.of_Z (snd alpha) in
      let stat (h : Z) := front *! (power (T.of_Z h) s *! power (T.of_Z (1000000 - h)) (n - s)) in
      let level := T.of_Z (fst alpha) *! (factorial s *! factorial (n - s)) *! power (T.of_Z 1000000) n in
      Nat.ltb s n && Z.ltb (Z.of_nat s * 1000000) (h * Z.of_nat n) && Z.leb h 1000000
      && T.leb (stat h) level && negb (T.leb (stat (h - 1)%Z) level).
  Definition check_limits (alpha : rational) (n : nat) (sol : nat * nat * (Z * Z)) : bool :=
    let '(s, o, l) := sol in
    Nat.leb (s + o) n && check_upper alpha n (s + o) (snd l) && check_upper alpha n (n - s) (1000000 - fst l).

  (** high <= rule(0, or low of the excepted event) + margin, in millionths *)
  Definition check_conclusion (c : certificate) : bool :=
    negb (conclusive c) ||
    match nth_error (limits c) (target c) with
    | Some (_, high) =>
        let k := Z.of_nat (exclusive_inputs c) in let u := if second c then 0%Z else fst (limits_spent c) in
        let '(A, B) := if limit c then match problem c with Simplex _ _ => (k * 1000000 + (k - 1) * u, 2 * k - 1)%Z | _ => (1000000 + u, 2)%Z end
                       else (1000000 + (k - 1) * u, k)%Z in
        Z.leb (high * (B * snd (margin c))) (A * snd (margin c) + fst (margin c) * (B * 1000000))
    | None => false
    end.

  Definition check (c : certificate) : bool :=
    let ts := tables c in
    let made := map (judge c ts) (outputs c) in
    let alikes := map (fun x => all_same (snd x)) (answers c) in
    let deeps := map (fun x => Nat.ltb (depth c) (snd (fst x))) (answers c) in
    let like := map (fun G => forallb (holds alikes) (places G) && forallb (untold c) (refused G)) (questions c) in
    let deep := map (fun G => existsb (holds deeps) (places G) || existsb (fun x => Z.ltb (Z.of_nat (depth c)) (snd x)) (refused G)) (questions c) in
    let cut := map (fun G => match refused G with [] => false | _ => true end) (questions c) in
    let n := length (trials c) in
    check_parameters c
    && in_order (map fst (answers c)) && forallb (check_answer c) (answers c)
    && forallb (fun G => forallb (fun i => Nat.ltb i (length (answers c))) (places G) && forallb (past_budget c) (refused G)) (questions c)
    && forallb (well_formed c) (outputs c)
    && forallb (check_trial c made like deep) (trials c)
    && forallb (fun t => match t with Shared r => check_end cut r | Apart rs => forallb (check_end cut) rs end) (trials c)
    && nats_eqb (successes c) (map (fun j => count (right_on j) (trials c)) (seq 0 (inputs c)))
    && Nat.eqb (length (statuses c)) (inputs c)
    && forallb (fun jl => nats_eqb (snd jl) (map (fun s => count (ended (fst jl) s) (trials c)) (seq 0 5))) (combine (seq 0 (inputs c)) (statuses c))
    && Nat.eqb (count (excepted c) (trials c)) (spent c)
    && Nat.eqb (length (limits c)) (inputs c)
    && (negb (second c) || forallb (fun j => nth j (waits c) false) (seq 0 (exclusive_inputs c)))
    && nats_eqb (opens c) (map (fun j => count (open_on c j) (trials c)) (seq 0 (inputs c)))
    && Nat.eqb (count (may_except c) (trials c)) (unseen c)
    && forallb (check_limits (alpha c) n) ((spent c, unseen c, limits_spent c) :: combine (combine (successes c) (opens c)) (limits c))
    && check_conclusion c.
End Code.
